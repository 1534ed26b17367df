"""What made-up reports may say: people, laboratories, cancers with their changes, treatments. All names are invented.

Each change has a coding form that fits its protein form (codon arithmetic), so that a report never contradicts itself.
"""

# ruff: noqa: E501, SIM905 - lists of words stay whole
from __future__ import annotations

from dataclasses import dataclass

FIRST = {
    "female": tuple(
        "Ada Brisa Calla Delphine Elowen Farrah Greta Hanne Isolde Junia Katla Liora Nerys Oona Petra".split()
    ),
    "male": tuple(
        "Anselm Bram Casimir Dario Edvard Fenn Gideon Hollis Ivo Jarek Kasper Leander Marek Niall Otis".split()
    ),
}
LAST = tuple(
    "Ashgrove Brightmoor Castellan Dunmarrow Eastleigh Fennimore Greyhollow Hartwick Inverley Jessamine Kestrelman "
    "Larkspur Mossbridge Northcote Oakhurst Penhallow Quillfeather Ravenscar Silverton Thornbury Umberfield Varga "
    "Westerling Yarrow".split()
)
DOCTORS = ("A. Quill, MD", "B. Soames, MD", "C. Adeyemi, MD", "D. Lindqvist, MD", "E. Marchetti, MD", "F. Okonjo, MD")
LABS = (
    "Northgate Molecular Diagnostics",
    "Larkfield Genomics",
    "Cedar Point Pathology",
    "Harbour Street Laboratory",
    "Summit Vale Oncology Lab",
    "Meridian Tissue Diagnostics",
    "Blue Heron Genetics",
)
HOSPITALS = ("Saint Brannock Hospital", "Vale of Orrin Clinic", "Lakeside General", "Millbrook Infirmary")


@dataclass(frozen=True)
class Change:
    """A small variant: gene, protein form, coding form, what else it is called and its class."""

    gene: str
    p: str
    c: str
    category: str = ""
    rank: str = "pathogenic"


@dataclass(frozen=True)
class Cancer:
    """A cancer and what is found in it.

    Attributes:
        key: Short name.
        text: As a report prints it.
        code: OncoTree code.
        site: Where the sample comes from.
        sex: Of whom, or "".
        changes: Small variants that may be found.
        fusions: Fusions, 5' gene first.
        copies: Copy number changes.
        absent: Genes that a report names as negative.
        stages: TNM and group (AJCC 8) that go together.
        treatments: Drugs and regimens in use.
        traps: Genes and drugs that only stand on therapy and trial pages.
    """

    key: str
    text: str
    code: str
    site: str
    sex: str
    changes: tuple[Change, ...]
    fusions: tuple[str, ...]
    copies: tuple[tuple[str, str], ...]
    absent: tuple[str, ...]
    stages: tuple[tuple[str, str], ...]
    treatments: tuple[str, ...]
    traps: tuple[tuple[str, str], ...]


TP53 = (
    Change("TP53", "p.R175H", "c.524G>A"),
    Change("TP53", "p.R248Q", "c.743G>A"),
    Change("TP53", "p.R273H", "c.818G>A"),
    Change("TP53", "p.R213*", "c.637C>T"),
)
UNCLEAR = (
    Change("NOTCH1", "p.T1281M", "c.3842C>T", rank="vus"), Change("KMT2D", "p.P2354L", "c.7061C>T", rank="vus"),
    Change("BRCA2", "p.T1354M", "c.4061C>T", rank="vus"), Change("ARID1A", "p.P1156L", "c.3467C>T", rank="vus"),
    Change("SETD2", "p.R1407H", "c.4220G>A", rank="vus"), Change("CREBBP", "p.S893L", "c.2678C>T", rank="vus"),
)  # fmt: skip

CANCERS = (
    Cancer(
        "lung", "Lung adenocarcinoma", "LUAD", "Lung, right upper lobe, core biopsy", "",
        (
            Change("EGFR", "p.L858R", "c.2573T>G", rank="pathogenic"),
            Change("EGFR", "p.E746_A750del", "c.2235_2249del", "exon 19 deletion"),
            Change("KRAS", "p.G12C", "c.34G>T"), Change("BRAF", "p.V600E", "c.1799T>A"),
            Change("ERBB2", "p.Y772_A775dup", "c.2313_2324dup", "exon 20 insertion"), *TP53,
        ),
        ("EML4::ALK", "CD74::ROS1", "KIF5B::RET"), (("MET", "amplification"), ("CDKN2A", "homozygous deletion")),
        ("ALK", "ROS1", "RET", "NTRK1", "NTRK2", "NTRK3", "BRAF", "ERBB2", "KRAS"),
        (("cT2a cN2 cM1b", "IVA"), ("cT1c cN1 cM0", "IIB"), ("cT4 cN3 cM0", "IIIC")),
        ("carboplatin", "pemetrexed", "pembrolizumab", "osimertinib", "docetaxel"),
        (("KRAS", "sotorasib"), ("MET", "capmatinib"), ("NTRK1", "larotrectinib")),
    ),
    Cancer(
        "colon", "Adenocarcinoma of the colon", "COAD", "Sigmoid colon, resection", "",
        (Change("KRAS", "p.G12D", "c.35G>A"), Change("BRAF", "p.V600E", "c.1799T>A"), Change("PIK3CA", "p.H1047R", "c.3140A>G"), Change("APC", "p.R1450*", "c.4348C>T"), *TP53),
        (), (("ERBB2", "amplification"),), ("NRAS", "BRAF", "ERBB2", "NTRK1"),
        (("pT3 pN1b cM0", "IIIB"), ("pT4a pN2a cM0", "IIIC"), ("pT2 pN0 cM0", "I")),
        ("FOLFOX", "bevacizumab", "FOLFIRI", "capecitabine", "cetuximab"),
        (("BRAF", "encorafenib"), ("ERBB2", "tucatinib"), ("NTRK3", "entrectinib")),
    ),
    Cancer(
        "breast", "Invasive ductal carcinoma", "IDC", "Left breast, core biopsy", "female",
        (Change("PIK3CA", "p.H1047R", "c.3140A>G"), Change("PIK3CA", "p.E545K", "c.1633G>A"), Change("ESR1", "p.D538G", "c.1613A>G"), Change("AKT1", "p.E17K", "c.49G>A"), *TP53),
        (), (("ERBB2", "amplification"), ("CCND1", "amplification")), ("AKT1", "PTEN", "BRCA1", "ESR1"),
        (("pT1c pN1a cM0", "IIA"), ("pT2 pN0 cM0", "IIA"), ("pT3 pN2a cM0", "IIIA")),
        ("letrozole", "palbociclib", "fulvestrant", "tamoxifen", "paclitaxel"),
        (("BRCA1", "olaparib"), ("PTEN", "capivasertib")),
    ),
    Cancer(
        "melanoma", "Cutaneous melanoma", "SKCM", "Skin, left calf, excision", "",
        (Change("BRAF", "p.V600E", "c.1799T>A"), Change("BRAF", "p.V600K", "c.1798_1799delinsAA"), Change("NRAS", "p.Q61R", "c.182A>G"), Change("KIT", "p.L576P", "c.1727T>C")),
        (), (("CDKN2A", "homozygous deletion"),), ("NRAS", "KIT", "NTRK1", "BRAF"),
        (("pT3a pN1a cM0", "IIIB"), ("pT2a pN0 cM0", "IB")),
        ("nivolumab", "ipilimumab", "dabrafenib", "trametinib"), (("KIT", "imatinib"), ("NTRK1", "larotrectinib")),
    ),
    Cancer(
        "prostate", "Prostatic acinar adenocarcinoma", "PRAD", "Prostate, needle biopsies", "male",
        (Change("SPOP", "p.F133L", "c.399C>G"), Change("BRCA2", "p.S1982Rfs*22", "c.5946del"), Change("ATM", "p.R3008C", "c.9022C>T"), *TP53),
        ("TMPRSS2::ERG",), (("AR", "amplification"), ("PTEN", "homozygous deletion")), ("BRCA1", "BRCA2", "CHEK2", "PALB2"),
        (("cT3a cN1 cM1b", "IVB"), ("cT2c cN0 cM0", "IIB")),
        ("leuprolide", "abiraterone", "enzalutamide", "docetaxel"), (("BRCA1", "olaparib"), ("CDK12", "pembrolizumab")),
    ),
    Cancer(
        "ovary", "High-grade serous carcinoma of the ovary", "HGSOC", "Left ovary and omentum, resection", "female",
        (Change("BRCA1", "p.Q1756Pfs*74", "c.5266dup"), *TP53), (), (("CCNE1", "amplification"),),
        ("BRCA1", "BRCA2", "PALB2", "RAD51C"), (("pT3c pN1b cM0", "IIIC"), ("pT1c pN0 cM0", "IC")),
        ("carboplatin", "paclitaxel", "bevacizumab", "olaparib"), (("FOLR1", "mirvetuximab soravtansine"), ("ERBB2", "trastuzumab deruxtecan")),
    ),
)  # fmt: skip

MYELOID = (
    Change("NPM1", "p.W288Cfs*12", "c.860_863dup"), Change("DNMT3A", "p.R882H", "c.2645G>A"), Change("IDH2", "p.R140Q", "c.419G>A"),
    Change("IDH1", "p.R132C", "c.394C>T"), Change("SRSF2", "p.P95H", "c.284C>A"), Change("U2AF1", "p.S34F", "c.101C>T"),
)  # fmt: skip
MYELOID_ABSENT = ("FLT3", "CEBPA", "TP53", "RUNX1", "ASXL1", "KIT", "SF3B1")
PANEL = tuple(
    "ABL1 AKT1 ALK APC AR ARAF ARID1A ATM ATR ATRX AURKA AXL BAP1 BARD1 BCL2 BRAF BRCA1 BRCA2 BRIP1 BTK CALR CBL CCND1 "
    "CCND2 CCND3 CCNE1 CD274 CDH1 CDK4 CDK6 CDK12 CDKN1A CDKN1B CDKN2A CDKN2B CEBPA CHEK1 CHEK2 CIC CREBBP CSF1R CSF3R "
    "CTCF CTNNB1 DAXX DDR2 DICER1 DNMT3A EGFR EP300 EPHA3 ERBB2 ERBB3 ERBB4 ERCC2 ERG ESR1 EZH2 FANCA FANCC FBXW7 FGFR1 "
    "FGFR2 FGFR3 FGFR4 FH FLCN FLT3 FOXL2 GATA3 GNA11 GNAQ GNAS HNF1A HRAS IDH1 IDH2 IGF1R JAK1 JAK2 JAK3 KDM6A KDR KEAP1 "
    "KIT KMT2A KMT2D KRAS MAP2K1 MAP2K4 MAP3K1 MCL1 MDM2 MDM4 MEN1 MET MITF MLH1 MPL MRE11 MSH2 MSH6 MTOR MUTYH MYC MYCN "
    "MYD88 NBN NF1 NF2 NFE2L2 NOTCH1 NOTCH2 NPM1 NRAS NTRK1 NTRK2 NTRK3 PALB2 PBRM1 PDGFRA PIK3CA PIK3R1 PMS2 POLD1 POLE "
    "PTCH1 PTEN PTPN11 RAD51C RAF1 RB1 RET RHEB RHOA RNF43 ROS1 RUNX1 SETD2 SF3B1 SMAD4 SMARCA4 SMARCB1 SMO SPOP SRC STK11 "
    "TERT TET2 TP53 TSC1 TSC2 VHL WT1".split()
)
